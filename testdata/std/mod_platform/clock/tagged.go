//go:build go1.20 && !special

package clock

const Tagged = "new enough"
