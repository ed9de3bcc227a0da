package clock

const Named = "darwin by name"
