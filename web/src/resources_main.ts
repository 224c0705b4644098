import "./styles";
import { ResourcesPage } from "./resources_page";

void new ResourcesPage().start();
