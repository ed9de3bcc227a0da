module fz

go 1.27
