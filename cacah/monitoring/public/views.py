"""The public pages of progress: figures, embed, picture, map, course and files of an area."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string

from cacah.areas.queries import boundaries
from cacah.collection.pages import known_census
from cacah.monitoring.public import course, maps, tabled
from cacah.monitoring.public.asking import Progress, progress
from cacah.monitoring.public.everybody import for_everybody
from cacah.monitoring.public.showing import address, context, heading, moment_of, page_context
from cacah.staff import tables

SVG = "image/svg+xml; charset=utf-8"
# Anybody may show these on a page of theirs.
TO_BE_SHOWN_ELSEWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}
FRAMED = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)


def _found(area: str) -> Progress:
    found = progress(area)
    if found is None:
        raise Http404
    return found


def _elsewhere(request: HttpRequest, name: str, area: str, **more: str) -> HttpResponse | None:
    """Lead to the one address of a page: the dotted code, and a language that it speaks."""
    right = address(name, area, **more)
    return None if right == request.path else HttpResponsePermanentRedirect(right)


@for_everybody
def page(request: HttpRequest, area: str = "") -> HttpResponse:
    """Show how far an area and those directly below it are."""
    if moved := _elsewhere(request, "public-area", area):
        return moved
    content = render_to_string("monitoring/public/page.html", page_context(_found(area)))
    return HttpResponse(content)


@for_everybody
def embed(request: HttpRequest, area: str) -> HttpResponse:
    """Show the headline of an area within somebody else's page."""
    if moved := _elsewhere(request, "public-embed", area):
        return moved
    content = render_to_string("monitoring/public/embed.html", context(_found(area)))
    headers = {"Content-Security-Policy": FRAMED, **TO_BE_SHOWN_ELSEWHERE}
    return HttpResponse(content, headers=headers)


@for_everybody
def picture(request: HttpRequest, area: str, format: str) -> HttpResponse:
    """Give the headline of an area as a picture with its date in it."""
    # vl-convert is only loaded where somebody asks for a picture.
    from cacah.monitoring.public.pictures import picture_svg, png

    if moved := _elsewhere(request, "public-picture", area, format=format):
        return moved
    found = _found(area)
    svg = picture_svg(found, context(found))
    content, kind = (png(svg), "image/png") if format == "png" else (svg, SVG)
    return HttpResponse(content, content_type=kind, headers=TO_BE_SHOWN_ELSEWHERE)


@for_everybody
def map_of(request: HttpRequest, area: str) -> HttpResponse:
    """Draw the areas directly below one, by how many families have responded."""
    if moved := _elsewhere(request, "public-map", area):
        return moved
    found = _found(area)
    if not found.below:
        raise Http404
    svg = maps.map_svg(
        heading(found.own.figures.name), moment_of(found), found.below, boundaries(area)
    )
    return HttpResponse(svg, content_type=SVG, headers=TO_BE_SHOWN_ELSEWHERE)


@for_everybody
def course_of(request: HttpRequest, area: str) -> HttpResponse:
    """Draw how the share of families grew from day to day."""
    if moved := _elsewhere(request, "public-course", area):
        return moved
    found = _found(area)
    svg = course.course_svg(found, heading(found.own.figures.name))
    return HttpResponse(svg, content_type=SVG, headers=TO_BE_SHOWN_ELSEWHERE)


@for_everybody
def file(request: HttpRequest, area: str, format: str) -> HttpResponse:
    """Give the table of an area as CSV, xlsx or JSON; a script of another site may read it."""
    if moved := _elsewhere(request, "public-file", area, format=format):
        return moved
    response = tables.download(tabled.table(_found(area), known_census()), format)
    response.headers["Access-Control-Allow-Origin"] = "*"
    for name, value in TO_BE_SHOWN_ELSEWHERE.items():
        response.headers[name] = value
    return response
