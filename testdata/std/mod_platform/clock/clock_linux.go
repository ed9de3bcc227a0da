package clock

const Named = "linux by name"
