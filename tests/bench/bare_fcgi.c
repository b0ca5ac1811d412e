/*
 * bare_fcgi: the least that a FastCGI worker can be.
 *
 * Answers every request with the same few bytes; its speed is the ceiling of
 * what nginx and libfcgi leave to a worker, for "make bench".
 * Started with a listening socket as descriptor 0, as spawn-fcgi does.
 */
#include <fcgiapp.h>

int
main(void)
{
	FCGX_Request req;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&req, 0, 0) != 0)
		return 1;
	while (FCGX_Accept_r(&req) == 0) {
		if (FCGX_FPrintF(req.out,
			"Content-Type: application/json\r\n\r\n"
			"{\"number\":\"10019743\",\"state\":\"created\","
			"\"total_kop\":121800}\n") < 0)
			return 1;
		FCGX_Finish_r(&req);
	}
	return 0;
}
