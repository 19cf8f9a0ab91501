# Tickets: a Rack application for puma; a file can change how it answers while it runs (see ../mart/behaviour.py).
require "fiddle"
require "json"
HOARD = []
NATIVE_SLEEP = Fiddle::Function.new(Fiddle.dlopen(nil)["sleep"], [Fiddle::TYPE_INT], Fiddle::TYPE_INT, need_gvl: true)
behaviour = -> { JSON.parse(File.read("/var/lib/shop/tickets.json")) rescue {} }
run lambda { |env|
  told = env["PATH_INFO"] == "/up" ? {} : behaviour.call
  HOARD << "t" * (told["leak"] * 1048576) if told["leak"]
  sleep(told["delay"] || 0)
  NATIVE_SLEEP.call(told["native"]) if told["native"]
  warn "tickets: printer queue says no" if told["status"]
  [told["status"] || 200, { "Content-Type" => "application/json" }, [%({"ticket": #{rand(1000)}})]]
}
