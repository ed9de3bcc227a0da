#ifdef __cplusplus
extern "C"
#endif
    int cxx_length(const char *s);
