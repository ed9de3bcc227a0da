package cpu

// Why: gc's runtime calls Initialize before it initializes packages.
func init() { Initialize(godebug()) }

// godebug is the environment's GODEBUG.
func godebug() string
