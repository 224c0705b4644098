import "./styles";
import { DatasetsPage } from "./datasets_page";

void new DatasetsPage().start();
