-- Stands before each of the other scripts.

-- The wall clock, in microseconds.
local function micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- The wall clock, in milliseconds.
local function now()
  return math.floor(micros() / 1000)
end

-- Numbers as text: tostring would write large ones with an exponent.
local function text(number)
  return string.format('%.0f', number)
end

-- Begins an era, in a run of Redis: what was before is no longer known, or not to be relied on. All publications are counted, from where no
-- earlier count can have come to, so that a lower count means that something was lost.
local function begin_era(home, name, run)
  redis.call('HSET', home, 'era', name, 'run', run)
  redis.call('HSETNX', home, 'count', text(micros()))
end

-- Where a topic stands: its epoch, and how many publications there were. The count begins anew, in the epoch `fresh`,
-- if there is none, or if it was made in an earlier era: before Redis went back to an older state.
local function position(topic, log, home, fresh, run)
  local era = redis.call('HGET', home, 'era')
  if not era then
    era = fresh
    begin_era(home, era, run)
  end
  local at = redis.call('HMGET', topic, 'epoch', 'offset', 'era')
  if at[1] and at[3] == era then
    return at[1], tonumber(at[2])
  end
  redis.call('DEL', topic, log)
  redis.call('HSET', topic, 'epoch', fresh, 'offset', 0, 'era', era)
  return fresh, 0
end

-- An entry of a log has the id OFFSET-MILLISECONDS.
local function offset_of(entry)
  return tonumber(string.match(entry[1], '^%d+'))
end

local function time_of(entry)
  return tonumber(string.match(entry[1], '%d+$'))
end

-- Drops the entries of a log that are older than a time. Times ascend with offsets, so it needs to look at few.
local function forget_before(log, oldest)
  local first = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  if not first or time_of(first) >= oldest then
    return
  end
  local low = offset_of(first)
  local high = offset_of(redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]) + 1
  while high - low > 1 do
    local middle = math.floor((low + high) / 2)
    local entry = redis.call('XRANGE', log, text(middle), '+', 'COUNT', 1)[1]
    if time_of(entry) < oldest then
      low = middle
    else
      high = middle
    end
  end
  redis.call('XTRIM', log, 'MINID', text(high))
end

-- A member is kept as "CONNECTIONS USER_AND_INFO"; see Wire for the second part.
local function connections_of(member)
  return member and tonumber(string.match(member, '^%d+')) or 0
end
