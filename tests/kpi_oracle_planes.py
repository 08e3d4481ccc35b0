"""Photovoltaics by what kinds and rows say of them: under a sky that is the same over one place, planes that lie alike
make the same of each kW, slot by slot, however large they are; one that lies flat faces nowhere."""

LIGHT = ("tilt", "azimuth", "shading")


class Planes:
    def check_planes(self):
        self.n_alike = {"planes": 0, "places": 0}
        if self.s["meters.delivery"] == "declared" or not self.terms.kinds or self.s.get("clouds.local_share") != "0":
            return
        first = {}
        for i in range(self.n):
            if self.terms.owns(i, "pv") and not self.terms.owns(i, "wind") and not self.terms.own(i, "pv.series"):
                plane = self.plane(i)
                if plane is not None:
                    self.compare_planes(first.setdefault(plane, i), i)

    def plane(self, i):
        """What its light goes by; None: some of it is drawn."""
        t, row = self.terms, self.terms.rows[i] if self.terms.rows else {}
        tilt, azimuth, shading = (row[name] if name in row else t.of(i, "pv." + name) for name in LIGHT)
        tilt, shading = float(tilt or 25), float(shading or 0)
        is_drawn = "azimuth" not in row and t.own(i, "pv.azimuth") is None
        if is_drawn and tilt > 0:
            return None
        place = tuple(row.get(name) for name in ("x", "y", "lat", "lon")) if self.s.get("clouds.model") == "drifting" else ()
        if place and place.count(None) == len(place):
            return None
        return t.names[i], tilt, float(azimuth) if tilt > 0 else None, shading, place

    def compare_planes(self, i, j):
        if i == j:
            return
        a, b = (self.size_of(meter, "pv_kw") for meter in (i, j))
        for one, other in zip(self.cells[i::self.n], self.cells[j::self.n]):
            made, likewise = (c["solar_wh"] + c["curtailed_wh"] for c in (one, other))
            self.expect(f"planes of meters {i} and {j} lie alike: {made} Wh of {a} kW, {likewise} of {b} in {one['interval']}",
                        abs(made / a - likewise / b) <= 2 / a + 2 / b, True)
            self.n_alike["places" if self.s.get("clouds.model") == "drifting" else "planes"] += made > 0
