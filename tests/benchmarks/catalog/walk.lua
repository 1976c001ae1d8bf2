-- Walks the lines of a file, one path a request, from where the last round ended; prints what wrk found as JSON.
local paths, at, visitor = {}, 0, 0

function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  at = tonumber(args[2])
end

function request()
  at = at % #paths + 1
  -- As through a proxy, with many visitors behind it: the limits for each address are asked, and not met.
  visitor = (visitor + 1) % 60000
  local from = string.format("10.1.%d.%d", math.floor(visitor / 250), visitor % 250 + 1)
  return wrk.format("GET", paths[at], { ["X-Forwarded-For"] = from })
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "bytes": %d, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.bytes, e.connect + e.read + e.write + e.status + e.timeout))
end
