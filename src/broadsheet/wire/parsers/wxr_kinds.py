"""What becomes of each type of entry in a WordPress export."""

from __future__ import annotations

from typing import Literal

from broadsheet.wire.items import Stage

Treatment = Literal["story", "page", "attachment", "pattern", "redirect", "author", "noted"]

_FIXED: dict[str, Treatment] = {
    "post": "story", "page": "page", "attachment": "attachment", "wp_block": "pattern",
    "redirect_rule": "redirect", "guest-author": "author",
}  # fmt: skip
# Settings, menus, designs, forms and orders: they hold no words of a paper.
_NOTED = {
    "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache",
    "user_request", "acf-field", "acf-field-group", "acf", "acf-post-type", "acf-taxonomy",
    "elementor_library", "elementor_font", "elementor_icons", "elementor_snippet",
    "wpcf7_contact_form", "flamingo_inbound", "flamingo_contact", "feedback", "jp_mem_plan",
    "jp_pay_product", "jetpack_migration", "shop_order", "shop_order_refund", "shop_coupon",
    "product_variation", "scheduled-action", "mc4wp-form", "wpforms", "nf_sub", "frm_form_actions",
    "frm_styles", "et_pb_layout", "et_template", "et_theme_builder", "et_header_layout",
    "et_footer_layout", "et_body_layout", "fl-builder-template", "vc_grid_item", "vc4_templates",
    "templatera", "ml-slider", "ml-slide", "popup", "popup_theme", "tablepress_table",
    "display_type", "displayed_gallery", "gal_display_source", "lightbox_library", "ngg_album",
    "ngg_gallery", "ngg_pictures", "polylang_mo", "safecss", "spucpt", "sp_newsletter",
    "postman_sent_mail", "bp-email", "amp_validated_url", "patterns_ai_data", "is_search_form",
    "vip-legacy-redirect", "wpcode", "code_snippet", "schema", "optionsframework", "option-tree",
    "nav_menu", "sidebar", "cookielawinfo", "iubenda", "ppma_boxes",
}  # fmt: skip
_NOTED_STARTS = ("wp_", "acf-", "elementor-", "ppl_", "e-")
_STAGES: dict[str, Stage] = {
    "publish": "published", "future": "scheduled", "draft": "draft", "pending": "pending",
    "private": "private", "trash": "trashed", "inherit": "published",
}  # fmt: skip
# Taxonomies that say how a post is shown or told apart, not what it is about.
TECHNICAL = {
    "post_format", "nav_menu", "link_category", "language", "post_translations", "term_language",
    "term_translations", "wp_theme", "wp_template_part_area", "wp_pattern_category",
    "translation_priority", "author", "byline", "elementor_library_type", "product_type",
    "product_visibility", "following_users", "following_usergroups", "ef_editorial_meta",
    "rank_math_pri_post_topics", "amp_validation_error", "layout_category", "scope", "post_status",
}  # fmt: skip
ABOUT_TYPE = {
    "nav_menu_item": "menus are set up in the newsroom",
    "revision": "earlier states of a post",
    "custom_css": "the design of the old site",
    "customize_changeset": "the design of the old site",
    "oembed_cache": "a cache",
}


def treatment(kind: str, *, has_words: bool) -> Treatment:
    """Return what becomes of an entry of type ``kind``; a type of the site's own needs words."""
    if kind in _FIXED:
        return _FIXED[kind]
    if kind in _NOTED or kind.startswith(_NOTED_STARTS):
        return "noted"
    return "story" if has_words else "noted"


def stage_of(status: str) -> tuple[Stage, str]:
    """Return the stage for WordPress's ``status``, and what was odd about it."""
    if stage := _STAGES.get(status):
        return stage, ""
    if not status:
        return "draft", "The export gives no status; it is a draft, as WordPress would make it."
    return "draft", f"“{status}” is a status of the old site's own; it is a draft here."
