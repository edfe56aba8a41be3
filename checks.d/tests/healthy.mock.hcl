# What is observed at the site "example" while everything works: each test
# states only what differs from this.

result "fact.loopback" {
  found    = true
  admin_up = true
}
