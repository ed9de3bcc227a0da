#ifndef SHAPES_H
#define SHAPES_H

struct shape {
    int w, h;
};
int shape_area(const struct shape *s);
extern int counter;
int next_counter(void), scaled(int x), call_go(int n), call_deep(int n), from_assembly(void);
int total(const int *p, int n);
unsigned long strlen_of(const char *s);
char *call_text(void);

#endif
