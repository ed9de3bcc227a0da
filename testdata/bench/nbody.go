package main

import "math"

type body struct{ x, y, z, vx, vy, vz, mass float64 }

const (
	solarMass   = 4 * math.Pi * math.Pi
	daysPerYear = 365.24
)

var bodies = [5]body{
	{0, 0, 0, 0, 0, 0, solarMass},
	{4.84143144246472082945e+00, -1.16032004402742839362e+00, -1.03622044471123109494e-01, 1.66007664274403694959e-03 * daysPerYear, 7.69901118419740425080e-03 * daysPerYear, -6.90460016972063023554e-05 * daysPerYear, 9.54791938424326609124e-04 * solarMass},
	{8.34336671824457987790e+00, 4.12479856412430479268e+00, -4.03523417114321381293e-01, -2.76742510726411021770e-03 * daysPerYear, 4.99852801234917238954e-03 * daysPerYear, 2.30417297573763929463e-05 * daysPerYear, 2.85885980666130812119e-04 * solarMass},
	{1.28943695621391310164e+01, -1.51111514016986312525e+01, -2.23307578892655734398e-01, 2.96460137564761618652e-03 * daysPerYear, 2.37847173959480950187e-03 * daysPerYear, -2.96589568540237556131e-05 * daysPerYear, 4.36624404335156298062e-05 * solarMass},
	{1.53796971148509165498e+01, -2.59193146099879641146e+01, 1.79258772950371181757e-01, 2.68067772490389322072e-03 * daysPerYear, 1.62824170038242295431e-03 * daysPerYear, -9.51592254519715870971e-05 * daysPerYear, 5.15138902046611451304e-05 * solarMass},
}

func advance(bs []body, dt float64) {
	for i := range bs {
		b := &bs[i]
		for j := i + 1; j < len(bs); j++ {
			c := &bs[j]
			dx, dy, dz := b.x-c.x, b.y-c.y, b.z-c.z
			d2 := dx*dx + dy*dy + dz*dz
			mag := dt / (d2 * math.Sqrt(d2))
			b.vx -= dx * c.mass * mag
			b.vy -= dy * c.mass * mag
			b.vz -= dz * c.mass * mag
			c.vx += dx * b.mass * mag
			c.vy += dy * b.mass * mag
			c.vz += dz * b.mass * mag
		}
	}
	for i := range bs {
		b := &bs[i]
		b.x += dt * b.vx
		b.y += dt * b.vy
		b.z += dt * b.vz
	}
}

func main() {
	for range 5000000 {
		advance(bodies[:], 0.01)
	}
	println(bodies[0].x, bodies[1].y)
}
