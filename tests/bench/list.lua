-- list.lua: GET each address of a file in turn, with the headers of -H.
local urls, n = {}, 0

function init(args)
	for line in io.lines(args[1]) do
		urls[#urls + 1] = line
	end
end

function request()
	n = n + 1
	return wrk.format("GET", urls[(n - 1) % #urls + 1])
end
