// A provider that makes nothing: it knows the published schema of the resources in use, so that Terraform itself can validate, plan
// and apply the module with no account and no download of the real one. STUB_SCHEMA names provider-schema.json.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const (
	account = "123456789012"
	region  = "eu-west-1"
)

type attribute struct {
	Type     string
	Required bool
}

type block struct {
	Attributes map[string]attribute
	Blocks     map[string]block
	Computed   map[string]string
	Many       bool
	Required   bool
}

func typeOf(name string) tftypes.Type {
	switch name {
	case "string":
		return tftypes.String
	case "number":
		return tftypes.Number
	case "bool":
		return tftypes.Bool
	case "list(string)":
		return tftypes.List{ElementType: tftypes.String}
	case "list(number)":
		return tftypes.List{ElementType: tftypes.Number}
	default:
		return tftypes.Map{ElementType: tftypes.String}
	}
}

func (b block) schema() *tfprotov6.SchemaBlock {
	made := &tfprotov6.SchemaBlock{}
	for name, one := range b.Attributes {
		made.Attributes = append(made.Attributes, &tfprotov6.SchemaAttribute{
			Name: name, Type: typeOf(one.Type), Required: one.Required, Optional: !one.Required,
			// Where nothing is given for it, the provider may say what it is.
			Computed: name == "id",
		})
	}
	for name, kind := range b.Computed {
		made.Attributes = append(made.Attributes, &tfprotov6.SchemaAttribute{Name: name, Type: typeOf(kind), Computed: true})
	}
	for name, one := range b.Blocks {
		nested := &tfprotov6.SchemaNestedBlock{
			TypeName: name, Block: one.schema(), Nesting: tfprotov6.SchemaNestedBlockNestingModeList,
		}
		if !one.Many {
			nested.MaxItems = 1
		}
		if one.Required {
			nested.MinItems = 1
		}
		made.BlockTypes = append(made.BlockTypes, nested)
	}
	return made
}

type provider struct {
	tfprotov6.ProviderServer
	blocks map[string]block
}

func (p provider) typeOf(name string) tftypes.Type {
	return (&tfprotov6.Schema{Block: p.blocks[name].schema()}).ValueType()
}

func (p provider) schemas(data bool) map[string]*tfprotov6.Schema {
	found := map[string]*tfprotov6.Schema{}
	for name, one := range p.blocks {
		if (name == "aws_caller_identity") == data {
			found[name] = &tfprotov6.Schema{Block: one.schema()}
		}
	}
	return found
}

func providerSchema() *tfprotov6.Schema {
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{
		Attributes: []*tfprotov6.SchemaAttribute{{Name: "region", Type: tftypes.String, Optional: true}},
	}}
}

func (p provider) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	answer := &tfprotov6.GetMetadataResponse{ServerCapabilities: &tfprotov6.ServerCapabilities{}}
	for name := range p.schemas(false) {
		answer.Resources = append(answer.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	for name := range p.schemas(true) {
		answer.DataSources = append(answer.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	return answer, nil
}

func (p provider) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		Provider: providerSchema(), ResourceSchemas: p.schemas(false), DataSourceSchemas: p.schemas(true),
	}, nil
}

func (p provider) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (p provider) ValidateProviderConfig(_ context.Context, asked *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: asked.Config}, nil
}

func (p provider) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (p provider) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (p provider) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (p provider) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (p provider) UpgradeResourceState(_ context.Context, asked *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	kind := p.typeOf(asked.TypeName)
	value, err := asked.RawState.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	upgraded, err := tfprotov6.NewDynamicValue(kind, value)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

func (p provider) ReadResource(_ context.Context, asked *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: asked.CurrentState}, nil
}

func (p provider) ReadDataSource(_ context.Context, asked *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	state, err := p.filled(asked.TypeName, asked.Config, func(name string, _ map[string]tftypes.Value) any {
		if name == "account_id" {
			return account
		}
		return "stub"
	})
	return &tfprotov6.ReadDataSourceResponse{State: state}, err
}

func (p provider) PlanResourceChange(_ context.Context, asked *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	planned, err := p.filled(asked.TypeName, asked.ProposedNewState, func(string, map[string]tftypes.Value) any { return tftypes.UnknownValue })
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: planned}, err
}

func (p provider) ApplyResourceChange(_ context.Context, asked *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	made, err := p.filled(asked.TypeName, asked.PlannedState, func(name string, given map[string]tftypes.Value) any {
		called := nameOf(given)
		service := strings.Split(strings.TrimPrefix(asked.TypeName, "aws_"), "_")[0]
		queue := asked.TypeName == "aws_sqs_queue"
		switch {
		case name == "url" || (name == "id" && queue):
			return "https://sqs." + region + ".amazonaws.com/" + account + "/" + called
		case name == "arn" && queue:
			return "arn:aws:sqs:" + region + ":" + account + ":" + called
		case strings.HasSuffix(name, "arn"):
			return "arn:aws:" + service + ":" + region + ":" + account + ":" + strings.TrimPrefix(asked.TypeName, "aws_") + "/" + called
		case name == "id":
			return called
		default:
			return "stub"
		}
	})
	return &tfprotov6.ApplyResourceChangeResponse{NewState: made}, err
}

func nameOf(given map[string]tftypes.Value) string {
	for _, key := range []string{"function_name", "name", "statement_id", "policy_name", "rule", "queue_url"} {
		var text string
		if value, is := given[key]; is && value.IsKnown() && !value.IsNull() && value.As(&text) == nil {
			return text
		}
	}
	return "unnamed"
}

// filled gives a value with what the provider says filled in where nothing is.
func (p provider) filled(typeName string, given *tfprotov6.DynamicValue, say func(name string, given map[string]tftypes.Value) any) (*tfprotov6.DynamicValue, error) {
	kind := p.typeOf(typeName)
	value, err := given.Unmarshal(kind)
	if err != nil || value.IsNull() {
		return given, err
	}
	members := map[string]tftypes.Value{}
	if err := value.As(&members); err != nil {
		return nil, err
	}
	own := p.blocks[typeName]
	for name := range own.Computed {
		if at := members[name]; at.IsNull() || !at.IsKnown() {
			said := say(name, members)
			if said != tftypes.UnknownValue && own.Computed[name] != "string" {
				said = nil
			}
			members[name] = tftypes.NewValue(at.Type(), said)
		}
	}
	if _, given := own.Attributes["id"]; given {
		if at := members["id"]; at.IsNull() || !at.IsKnown() {
			members["id"] = tftypes.NewValue(tftypes.String, say("id", members))
		}
	}
	made, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, members))
	return &made, err
}

func main() {
	text, err := os.ReadFile(os.Getenv("STUB_SCHEMA"))
	if err != nil {
		log.Fatal(err)
	}
	var file struct{ Resources map[string]block }
	if err := json.Unmarshal(text, &file); err != nil {
		log.Fatal(err)
	}
	serve := func() tfprotov6.ProviderServer { return provider{blocks: file.Resources} }
	if err := tf6server.Serve("registry.terraform.io/hashicorp/aws", serve); err != nil {
		log.Fatal(err)
	}
}
