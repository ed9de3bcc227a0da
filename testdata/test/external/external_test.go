package external_test

import (
	"testing"

	"example.com/m/external"
	"example.com/m/external/user"
)

func TestSecret(t *testing.T) {
	if got := user.Secret() + (external.T{}).Hidden(); got != "setset" {
		t.Error(got)
	}
}
