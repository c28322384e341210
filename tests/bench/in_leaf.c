/* in-leaf DIRECTORY PROGRAM ARGUMENT...: makes a leaf, goes there and becomes
 * the program, so that other runners can do the file work of eh-host. Static,
 * since it costs them one more exec. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  mkdir(argv[1], 0777); /* ninja makes it before */
  if (chdir(argv[1]) != 0) {
    perror(argv[1]);
    return 1;
  }
  int fd = open("output.txt", O_WRONLY | O_CREAT | O_APPEND, 0666);
  dup2(fd, 1);
  dup2(fd, 2);
  close(fd);
  setenv("EH_LEAF_DIR", argv[1], 1);
  execv(argv[2], argv + 2);
  perror(argv[2]);
  return 127;
}
