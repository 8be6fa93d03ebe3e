-- Posts orders of three lines, each with a number of its own, and prints one line of JSON at the end.
-- BENCH_PREFIX makes the numbers of a run unique, BENCH_PAID_AT is their time, BENCH_MEMBERS how many members there are (m0 ...).
local threads = 0
local categories = { "christmas", "home", "kitchen", "garden" }

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(_)
  prefix = os.getenv("BENCH_PREFIX")
  paid_at = os.getenv("BENCH_PAID_AT")
  members = tonumber(os.getenv("BENCH_MEMBERS"))
  count = 0
  math.randomseed(7 + id)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  local token = os.getenv("BENCH_TOKEN")
  if token and token ~= "" then
    wrk.headers["Authorization"] = "Bearer " .. token
  end
end

local function line(seed)
  return string.format(
    '{"product":"sku-%d","category":"%s","quantity":2,"amount":%d}',
    seed % 3000, categories[seed % 4 + 1], 170 + seed % 1800)
end

function request()
  count = count + 1
  local seed = math.random(0, 1000000)
  local body = string.format(
    '{"source":"bench","number":"%s-%d-%d","member":{"external_id":"m%d"},"paid_at":"%s","currency":"GBP","lines":[%s,%s,%s]}',
    prefix, id, count, math.random(0, members - 1), paid_at, line(seed), line(seed + 7), line(seed + 13))
  return wrk.format(nil, nil, nil, body)
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%.6f,"status":%d,"broken":%d,"p50_ms":%.3f,"p99_ms":%.3f}\n',
    summary.requests, summary.duration / 1e6, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
