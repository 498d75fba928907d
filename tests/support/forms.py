"""What a browser sends of the forms of the desk."""

from typing import Any


def form_in(context: Any) -> dict[str, Any]:
    """What the form of a page sends, if nothing is changed in it; a browser ends lines with CR LF."""
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields = [form[name] for form in forms for name in form.fields]
    values = {field.html_name: field.value() for field in fields}
    values = {name: value for name, value in values.items() if value is not None and value is not False}
    return {
        name: value.replace("\n", "\r\n") if isinstance(value, str) else value
        for name, value in values.items()
    }
