-- Tells that a server is alive, and finds one that is dead.
-- KEYS: servers, dying, sent
-- ARGV: 1 server, 2 milliseconds until it counts as dead, 3 milliseconds to keep traces, 4 whether to look for others (1 or 0)
-- Returns whether it was taken for alive until now (1 or 0); and a dead server, with the time until which its connections are
-- the caller's to clear away
local millis = now()
local deadline = text(millis + ARGV[2])
local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], deadline, ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
local answer = { known and tonumber(known) >= millis and 1 or 0 }
if ARGV[4] == '1' then
  for _, set in ipairs({ KEYS[2], KEYS[1] }) do
    local dead = redis.call('ZRANGEBYSCORE', set, '-inf', '(' .. text(millis), 'LIMIT', 0, 1)[1]
    if dead then
      redis.call('ZREM', KEYS[1], dead)
      redis.call('ZADD', KEYS[2], deadline, dead)
      answer = { answer[1], dead, deadline }
      break
    end
  end
end
return answer
