/** What the server may do in an AWS account, and nothing else. */
export const ACTIONS = ["cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"];

/** The whole IAM policy. CloudWatch knows no resources for reading metrics. */
export const POLICY_DOCUMENT = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ACTIONS, Resource: "*" }],
});

export const POLICY = `give it the IAM policy in the server's README (${ACTIONS.join(", ")})`;
