-- What a server does first on each new connection.
-- KEYS: home, fence, sent
-- ARGV: run id of this Redis, whether it has kept its data over a restart (1 or 0), fence, milliseconds to keep traces,
--       number of the next publication

-- Home names the Redis since whose start nothing was lost.
local here = redis.call('GET', KEYS[1])
if not here or (here ~= ARGV[1] and ARGV[2] ~= '1') then
  redis.call('SET', KEYS[1], ARGV[1])
end

-- What this server sent over an earlier connection, and Redis hasn't read yet, is not to be done any more.
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
return { 1 }
