-- SPDX-License-Identifier: Apache-2.0
-- What wrk measured, in one line: requests, seconds, what went wrong, and in µs p50 and p99.
done = function(summary, latency, requests)
    local e = summary.errors
    io.write(string.format("measured %d %.6f %d %d %d\n", summary.requests, summary.duration / 1e6,
        e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
