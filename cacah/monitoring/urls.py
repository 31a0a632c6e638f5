"""URLs of the office's pages of progress."""

from __future__ import annotations

from django.urls import path, register_converter

from cacah.monitoring import views, views_charts, views_wall
from cacah.monitoring.places import AreaConverter
from cacah.monitoring.reports import views as report_views

register_converter(AreaConverter, "area")

urlpatterns = [
    path("", views.landing, name="progress"),
    path("cari/", views.search, name="progress-search"),
    path("wilayah/<area:area>/", views.area, name="progress-area"),
    path("wilayah/<area:area>/angka/", views.figures, name="progress-figures"),
    path("wilayah/<area:area>/unduh/<slug:table>/", views.download, name="progress-download"),
    path("wilayah/<area:area>/grafik/<slug:chart>.svg", views_charts.chart, name="progress-chart"),
    path("laporan/", report_views.reports, name="progress-reports"),
    path("laporan/<int:report>/", report_views.download, name="progress-report"),
    path("laporan/<int:report>/hapus/", report_views.remove, name="progress-report-remove"),
    path("wilayah/<area:area>/laporan/", report_views.ask, name="progress-report-ask"),
    path("wilayah/<area:area>/mingguan/", report_views.weekly, name="progress-report-weekly"),
    path("dinding/<area:area>/", views_wall.wall, name="progress-wall"),
    path("dinding/<area:area>/angka/", views_wall.figures, name="progress-wall-figures"),
]
