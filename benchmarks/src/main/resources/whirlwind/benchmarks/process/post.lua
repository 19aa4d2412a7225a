-- For wrk: POSTs what stands behind "--" on its command line, as JSON.
function init(arguments)
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   wrk.body = arguments[1]
end
