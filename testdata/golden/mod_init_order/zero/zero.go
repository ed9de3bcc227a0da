package zero

// Nothing runs here: what imports it does not wait for it.
type T struct{ X, Y *int }

var (
	n     = 3
	Table = []T{{&n, nil}}
)
