"""Problems as HTTP answers them."""

from starlette.responses import Response

from workers.doors.problems import MEDIA_TYPE, Problem


def problem_response(problem: Problem, request_id: str) -> Response:
    """The answer to a request that could not be served."""
    return Response(
        problem.told(request_id), problem.kind.status, headers=problem.answer_headers, media_type=MEDIA_TYPE
    )
