-- Sends the raw requests of the file named in BENCH_REQUESTS in turn, and writes what came of it as one JSON line.
local requests, at = {}, 0

function init()
  local file = assert(io.open(os.getenv("BENCH_REQUESTS"), "rb"))
  while true do
    local head = file:read(8)
    if head == nil then break end
    requests[#requests + 1] = file:read(tonumber(head, 16))
  end
  file:close()
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local file = assert(io.open(os.getenv("BENCH_OUTCOME"), "w"))
  file:write(string.format('{"answers": %d, "seconds": %f, "refused": %d, "broken": %d, "p95_ms": %f}',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(95) / 1000))
  file:close()
end
