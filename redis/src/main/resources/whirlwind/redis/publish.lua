-- Appends to a topic, tells everybody, and returns the position behind it, with the number of this publication among all.
-- KEYS: topic, log, home, fence, sent
-- ARGV: 1 fence, 2 number of this publication among those of its server, 3 whether it may have been done before (1 or 0),
--       4 milliseconds to keep traces, 5 most traces, 6 epoch for a count that begins, 7 channel, 8 publication,
--       9 history count, 10 history age in milliseconds, 11 milliseconds until an unused topic is forgotten,
--       12 run id of this Redis
local fence = redis.call('GET', KEYS[4])
if fence and fence ~= ARGV[1] then
  return redis.error_reply('FENCED a newer connection of this server has taken over')
end
if ARGV[3] == '1' then
  local done = redis.call('XRANGE', KEYS[5], ARGV[2], ARGV[2])[1]
  if done then
    return { done[2][2], tonumber(done[2][4]), tonumber(done[2][6]) }
  end
end

local epoch, offset = position(KEYS[1], KEYS[2], KEYS[3], ARGV[6], ARGV[12])
offset = offset + 1
local number = text(offset)
local millis = now()
local count = redis.call('HINCRBY', KEYS[3], 'count', 1)
redis.call('HSET', KEYS[1], 'offset', number, 'age', ARGV[10])
redis.call('PEXPIRE', KEYS[1], ARGV[11])
if ARGV[9] == '0' then
  redis.call('DEL', KEYS[2])
else
  redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[9], number .. '-' .. text(millis), 'p', ARGV[8])
  redis.call('PEXPIRE', KEYS[2], ARGV[10])
  if offset % 16 == 0 then -- what is too old is left out when it is asked for; this is for the memory
    forget_before(KEYS[2], millis - ARGV[10])
  end
end
redis.call('PUBLISH', ARGV[7], 'p' .. table.concat({ epoch, number, text(millis), text(count), ARGV[8] }, ' '))
if ARGV[5] ~= '0' then
  redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[5], ARGV[2] .. '-0', 'epoch', epoch, 'offset', number,
    'count', text(count))
  if ARGV[2] == '1' then -- later ones by beat.lua
    redis.call('PEXPIRE', KEYS[5], ARGV[4])
  end
end
return { epoch, offset, count }
