-- Where a topic stands, and what is kept of it.
-- KEYS: topic, log, home
-- ARGV: 1 epoch for a count that begins, 2 milliseconds until an unused topic is forgotten,
--       3 epoch and 4 offset of what is known, or two empty strings, 5 most entries, 6 run id of this Redis
-- Returns epoch, offset, the number of the last publication of all, whether nothing is missing behind what is known
-- (1 or 0), and the entries, oldest first
local epoch, offset = position(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[6])
local age = tonumber(redis.call('HGET', KEYS[1], 'age') or 0)
redis.call('PEXPIRE', KEYS[1], math.max(age, ARGV[2]))
forget_before(KEYS[2], now() - age)

local complete = true
local since = tonumber(ARGV[4])
if since then
  local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
  local kept = first and offset_of(first) or offset + 1
  complete = ARGV[3] == epoch and since <= offset and kept <= since + 1
end

local entries = {}
if ARGV[5] ~= '0' then
  if since and complete then
    entries = redis.call('XRANGE', KEYS[2], text(since + 1), '+', 'COUNT', ARGV[5])
  else
    local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', ARGV[5])
    for i = #newest, 1, -1 do
      entries[#entries + 1] = newest[i]
    end
  end
end
return { epoch, offset, tonumber(redis.call('HGET', KEYS[3], 'count') or 0), complete and 1 or 0, entries }
