package user

import "example.com/m/external"

func Secret() string { return external.Secret }
