// The unit of package main has the name of its first file, which is this one.
package main
