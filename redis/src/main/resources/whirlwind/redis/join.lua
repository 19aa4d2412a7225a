-- A connection is present in a topic.
-- KEYS: connections of its server, members of the topic
-- ARGV: 1 topic and connection, 2 user, 3 user and info as others are told, 4 channel
local new = redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local count = connections_of(redis.call('HGET', KEYS[2], ARGV[2])) + new
redis.call('HSET', KEYS[2], ARGV[2], text(math.max(count, 1)) .. ' ' .. ARGV[3])
if new == 1 and count == 1 then
  redis.call('PUBLISH', ARGV[4], 'j' .. ARGV[3])
end
return { 1 }
