-- All connections are open, and accepted, before the first request is sent.
local ffi = require("ffi")
ffi.cdef("int usleep(unsigned int microseconds);")
local settle = tonumber(os.getenv("SETTLE_MS")) * 1000
local text

local function again()
  return text
end

function request()
  ffi.C.usleep(settle)
  text = wrk.format()
  request = again
  return text
end
