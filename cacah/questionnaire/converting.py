"""pyxform, as far as questionnaires need it: read only where one is."""

from pyxform.errors import PyXFormError
from pyxform.section import RepeatingSection
from pyxform.xls2json_backends import xlsx_to_dict
from pyxform.xls2xform import convert

__all__ = ["PyXFormError", "convert", "xlsx_to_dict"]

# For each question pyxform compares its repeat with itself, by writing both out with all that is
# in them: that took longer than everything else together.
RepeatingSection.__eq__ = object.__eq__
