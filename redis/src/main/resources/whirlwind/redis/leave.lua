-- A connection is no longer present in a topic.
-- KEYS: connections of its server, members of the topic, dying
-- ARGV: 1 topic and connection, 2 user, 3 channel, 4 server, 5 until when it is the caller's to clear away; empty: it is the
--       caller itself
-- Returns 0 if that time was up, or the server has come back to life, else 1
if ARGV[5] ~= '' and redis.call('ZSCORE', KEYS[3], ARGV[4]) ~= ARGV[5] then
  return { 0 }
end
if redis.call('HDEL', KEYS[1], ARGV[1]) == 1 then
  local member = redis.call('HGET', KEYS[2], ARGV[2])
  local count = connections_of(member) - 1
  if count > 0 then
    redis.call('HSET', KEYS[2], ARGV[2], text(count) .. string.match(member, ' .*'))
  elseif member then
    redis.call('HDEL', KEYS[2], ARGV[2])
    redis.call('PUBLISH', ARGV[3], 'l' .. string.match(member, '^%d+ (.*)'))
  end
end
return { 1 }
