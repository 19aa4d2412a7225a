-- What a server does first on each new connection.
-- KEYS: home, sent
-- ARGV: 1 run id of this Redis, 2 name for an era that begins, 3 run id in which the server has last seen publications, or an
--       empty string, 4 the number of the last one that it saw, 5 milliseconds to keep traces

-- What was kept of an earlier run is what is there now.
local run = redis.call('HGET', KEYS[1], 'run')
if run ~= ARGV[1] then
  if run then
    redis.call('HSET', KEYS[1], 'after:' .. run, redis.call('HGET', KEYS[1], 'count') or 0)
  end
  redis.call('HSET', KEYS[1], 'run', ARGV[1])
end

-- If that is less than this server saw, then others may have published in the place of what was lost.
if ARGV[3] ~= '' and ARGV[3] ~= ARGV[1] then
  local kept = redis.call('HGET', KEYS[1], 'after:' .. ARGV[3])
  if not kept or tonumber(kept) < tonumber(ARGV[4]) then
    begin_era(KEYS[1], ARGV[2], ARGV[1])
    redis.call('HSET', KEYS[1], 'after:' .. ARGV[3], 'inf') -- once is enough, whoever else saw more
  end
end

redis.call('PEXPIRE', KEYS[2], ARGV[5])
return { 1 }
