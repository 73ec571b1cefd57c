-- Each connection rests between an answer and its next request, from half of THINK_MS to one and a half.
local mean = tonumber(os.getenv("THINK_MS"))

function delay()
  return math.random(math.floor(mean / 2), math.ceil(mean * 1.5))
end
