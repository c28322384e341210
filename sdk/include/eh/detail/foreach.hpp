// EH_DETAIL_EACH(macro, context, a, b, ...) is macro(context, a) , macro(
// context, b) , ... for as many arguments as anyone will write.
#ifndef EH_DETAIL_FOREACH_HPP
#define EH_DETAIL_FOREACH_HPP

#define EH_DETAIL_PARENS ()
#define EH_DETAIL_EXPAND(...) EH_DETAIL_EXPAND4(EH_DETAIL_EXPAND4(__VA_ARGS__))
#define EH_DETAIL_EXPAND4(...) \
  EH_DETAIL_EXPAND3(EH_DETAIL_EXPAND3(EH_DETAIL_EXPAND3(__VA_ARGS__)))
#define EH_DETAIL_EXPAND3(...) \
  EH_DETAIL_EXPAND2(EH_DETAIL_EXPAND2(EH_DETAIL_EXPAND2(__VA_ARGS__)))
#define EH_DETAIL_EXPAND2(...) \
  EH_DETAIL_EXPAND1(EH_DETAIL_EXPAND1(EH_DETAIL_EXPAND1(__VA_ARGS__)))
#define EH_DETAIL_EXPAND1(...) __VA_ARGS__

#define EH_DETAIL_EACH(macro, context, ...) \
  __VA_OPT__(EH_DETAIL_EXPAND(EH_DETAIL_EACH_(macro, context, __VA_ARGS__)))
#define EH_DETAIL_EACH_(macro, context, first, ...) \
  macro(context, first) __VA_OPT__(                 \
      , EH_DETAIL_EACH_AGAIN EH_DETAIL_PARENS(macro, context, __VA_ARGS__))
#define EH_DETAIL_EACH_AGAIN() EH_DETAIL_EACH_

#endif  // EH_DETAIL_FOREACH_HPP
