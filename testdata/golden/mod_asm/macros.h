#include "funcdata.h"
#define MORE 100
