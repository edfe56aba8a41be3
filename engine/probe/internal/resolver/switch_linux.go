package resolver

// nameSwitchPath is where the C library reads which services it asks for names
// (nsswitch.conf(5)).
const nameSwitchPath = "/etc/nsswitch.conf"
