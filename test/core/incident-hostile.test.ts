import { AlertError, incidentFromPayload } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";

const alarm = (event: object, detail: object = {}) => ({
  "detail-type": "CloudWatch Alarm State Change",
  source: "aws.cloudwatch",
  time: "2026-03-01T10:00:00Z",
  region: "eu-west-1",
  detail: { alarmName: "slow", state: { value: "ALARM", timestamp: "2026-03-01T10:00:00.000+0000" }, ...detail },
  ...event,
});

const firing = (labels: object, alert: object = {}) => ({
  status: "firing",
  labels: { service: "cart", ...labels },
  startsAt: "2026-03-01T10:00:00Z",
  ...alert,
});
const webhook = (...alerts: object[]) => ({ version: "4", status: "firing", alerts });

describe("a CloudWatch alarm", () => {
  it("without any time that can be read is refused as an alert that is not whole", () => {
    const payload = alarm({ time: "never" }, { state: { value: "ALARM", timestamp: "never" } });
    expect(() => incidentFromPayload(payload)).toThrow(AlertError);
  });

  it("whose name is half a character is taken all the same", () => {
    expect(incidentFromPayload(alarm({}, { alarmName: "slow \ud800" })).url).toContain("console.aws.amazon.com");
  });

  it.each(["evil.example/", "evil.example#", "x@evil.example:1/", "", "eu-west-1.evil.example/"])(
    "cannot lead the console's address to another host by its region %j",
    (region) => {
      const { url } = incidentFromPayload(alarm({ region }));
      if (url !== null) expect(new URL(url).hostname).toMatch(/^[a-z0-9-]+\.console\.aws\.amazon\.com$/);
    },
  );
});

describe("an Alertmanager webhook", () => {
  it.each(["constructor", "__proto__", "toString"])("is not confused by a severity named %s", (severity) => {
    const order = [
      firing({ alertname: "odd", severity }),
      firing({ alertname: "minor", severity: "info" }),
      firing({ alertname: "odd2", severity }),
      firing({ alertname: "real", severity: "critical" }),
      firing({ alertname: "odd3", severity }),
    ];
    expect(incidentFromPayload(webhook(...order)).alert).toBe("real");
    expect(incidentFromPayload(webhook(...order.reverse())).alert).toBe("real");
    expect(incidentFromPayload(webhook(...order)).related.at(-1)?.alert).toBe("minor");
  });

  it.each(["javascript:alert(1)", "data:text/html,<script>", "not an address", "file:///etc/passwd"])(
    "gives no address that is not the web's: %s",
    (generatorURL) => {
      expect(incidentFromPayload(webhook(firing({}, { generatorURL }))).url).toBeNull();
      expect(incidentFromPayload({ ...webhook(firing({})), externalURL: generatorURL }).url).toBeNull();
    },
  );

  it("keeps the address that its rule gives, letter for letter", () => {
    const generatorURL = "http://prometheus:9090/graph?g0.expr=up%7Ba%3D%22b%22%7D&g0.tab=1";
    expect(incidentFromPayload(webhook(firing({}, { generatorURL }))).url).toBe(generatorURL);
  });
});
