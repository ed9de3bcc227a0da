package external

// Secret is set by the tests inside, and read through a package that imports this one.
var Secret = "unset"
