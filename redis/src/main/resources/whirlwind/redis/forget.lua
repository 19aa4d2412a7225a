-- A server's connections have all left.
-- KEYS: servers, dying
-- ARGV: 1 server, 2 until when it was the caller's to clear away; empty: it is the caller itself
if ARGV[2] == '' then
  redis.call('ZREM', KEYS[1], ARGV[1])
elseif redis.call('ZSCORE', KEYS[2], ARGV[1]) == ARGV[2] then
  redis.call('ZREM', KEYS[2], ARGV[1])
end
return { 1 }
