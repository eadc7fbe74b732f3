"""Whether a value is GeoJSON (RFC 7946), as ninjs 2 and 3 carry with the places of a story."""

from __future__ import annotations

from typing import Any

# How many lists stand around a position, which is a list of numbers itself.
_NESTED = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_DEEPEST = 20
_FEWEST_OF_BOX = 4
_RING = 4


def problem(value: Any, depth: int = 0) -> str:
    """Return what is wrong with ``value``; empty where it is GeoJSON."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return "is no GeoJSON object"
    kind = value.get("type")
    if "bbox" in value and not _is_position(value["bbox"], _FEWEST_OF_BOX):
        return "is GeoJSON with a “bbox” that is no box"
    if kind == "Feature":
        return _of_feature(value, depth)
    if kind in ("FeatureCollection", "GeometryCollection"):
        return _of_collection(value, depth)
    if not isinstance(kind, str) or kind not in _NESTED:
        return "is GeoJSON of no known type"
    is_right = _are_coordinates(value.get("coordinates"), _NESTED[kind], kind)
    return "" if is_right else f"is a GeoJSON {kind} whose coordinates are none"


def _of_collection(value: dict[str, Any], depth: int) -> str:
    is_features = value["type"] == "FeatureCollection"
    listed = value.get("features" if is_features else "geometries")
    wanted = {"Feature"} if is_features else {*_NESTED}
    if not isinstance(listed, list):
        return "is a GeoJSON collection that lists nothing"
    for each in listed:
        if found := problem(each, depth + 1):
            return found
        if each["type"] not in wanted:
            return "is a GeoJSON collection of something else"
    return ""


def _of_feature(value: dict[str, Any], depth: int) -> str:
    if not {"properties", "geometry"} <= value.keys():
        return "is a GeoJSON Feature without geometry or properties"
    if value["properties"] is not None and not isinstance(value["properties"], dict):
        return "is a GeoJSON Feature whose properties are none"
    geometry = value["geometry"]
    if geometry is None:
        return ""
    if isinstance(geometry, dict) and geometry.get("type") in {"Feature", "FeatureCollection"}:
        return "is a GeoJSON Feature whose geometry is none"
    return problem(geometry, depth + 1)


def _are_coordinates(value: Any, nested: int, kind: str) -> bool:
    if nested == 0:
        return _is_position(value, 2)
    fewest = {("LineString", 1): 2, ("MultiLineString", 1): 2}.get((kind, nested), 0)
    if nested == 1 and kind in {"Polygon", "MultiPolygon"}:
        fewest = _RING
    return (
        isinstance(value, list)
        and len(value) >= fewest
        and all(_are_coordinates(each, nested - 1, kind) for each in value)
    )


def _is_position(value: Any, fewest: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= fewest
        and all(isinstance(each, int | float) and not isinstance(each, bool) for each in value)
    )
