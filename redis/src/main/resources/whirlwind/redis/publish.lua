-- Appends to a topic, tells everybody, and returns the position behind it, with the number of this publication among all.
-- KEYS: topic, log, home, sent
-- ARGV: 1 number of this publication among those of its server, 2 whether it may have been done before (1 or 0),
--       3 milliseconds to keep traces, 4 most traces, 5 epoch for a count that begins, 6 channel, 7 publication,
--       8 history count, 9 history age in milliseconds, 10 milliseconds until an unused topic is forgotten,
--       11 run id of this Redis
if ARGV[2] == '1' then
  local done = redis.call('XRANGE', KEYS[4], ARGV[1], ARGV[1])[1]
  if done then
    return { done[2][2], tonumber(done[2][4]), tonumber(done[2][6]) }
  end
end

local epoch, offset = position(KEYS[1], KEYS[2], KEYS[3], ARGV[5], ARGV[11])
offset = offset + 1
local number = text(offset)
local millis = now()
local count = redis.call('HINCRBY', KEYS[3], 'count', 1)

-- Fails unless the number is higher than the last one: what a connection that the server has given up still holds may arrive
-- when what came later has been done.
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[4], ARGV[1] .. '-0', 'epoch', epoch, 'offset', number, 'count', text(count))
if ARGV[1] == '1' then -- later ones by beat.lua
  redis.call('PEXPIRE', KEYS[4], ARGV[3])
end

redis.call('HSET', KEYS[1], 'offset', number, 'age', ARGV[9])
redis.call('PEXPIRE', KEYS[1], ARGV[10])
if ARGV[8] == '0' then
  redis.call('DEL', KEYS[2])
else
  redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[8], number .. '-' .. text(millis), 'p', ARGV[7])
  redis.call('PEXPIRE', KEYS[2], ARGV[9])
  if offset % 16 == 0 then -- what is too old is left out when it is asked for; this is for the memory
    forget_before(KEYS[2], millis - ARGV[9])
  end
end
redis.call('PUBLISH', ARGV[6], 'p' .. table.concat({ epoch, number, text(millis), text(count), ARGV[7] }, ' '))
return { epoch, offset, count }
