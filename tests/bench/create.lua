-- create.lua: POST payments, each with a key and an account of its own.
-- Arguments: the front-end's key, supplier, service, file of accounts.
local n, stamp, made, accounts, body, headers = 0, os.time(), {}, {}, "", {}

function setup(thread)
	thread:set("id", #made + 1)
	made[#made + 1] = thread
end

function init(args)
	for line in io.lines(args[4]) do
		accounts[#accounts + 1] = line
	end
	body = '{"lines":[{"supplier":"' .. args[2] .. '","service":"' ..
	    args[3] .. '","account":"%s","sum_kop":120000}],' ..
	    '"email":"payer@example.org"}'
	headers = { ["Authorization"] = "Bearer " .. args[1],
	    ["Content-Type"] = "application/json" }
end

function request()
	n = n + 1
	headers["Idempotency-Key"] = stamp .. "-" .. id .. "-" .. n
	return wrk.format("POST", nil, headers,
	    string.format(body, accounts[n % #accounts + 1]))
end
