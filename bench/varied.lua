-- No request is like the one before: a header counts them.
local count = 0

function request()
  count = count + 1
  wrk.headers["X-Request"] = count
  return wrk.format()
end
