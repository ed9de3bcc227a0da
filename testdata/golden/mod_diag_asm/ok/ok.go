package ok

func F()
